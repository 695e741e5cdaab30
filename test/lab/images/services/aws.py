#!/usr/bin/python3
"""The lab's AWS: moto, with what it has differently from AWS put right as far as the lab needs it. Argument: the port."""

import sys

from moto import server
from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.secretsmanager.models import SecretsManagerBackend
from s3_rules import Rules


def through_tls(judge):
    """It refuses whatever a statement with a condition denies. Connections of the lab count as TLS, though they are not."""

    def is_action_permitted(self, *args, **kwargs):
        wants = self._statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
        if self._statement.get("Effect") == "Deny" and wants in ("false", False):
            return PermissionResult.NEUTRAL
        return judge(self, *args, **kwargs)

    return is_action_permitted


def with_new_default(update):
    """It moves the label AWSCURRENT and goes on giving the old version to whoever names no version."""

    def update_secret_version_stage(self, secret_id, version_stage, remove_from_version_id, move_to_version_id):
        answer = update(self, secret_id, version_stage, remove_from_version_id, move_to_version_id)
        if version_stage == "AWSCURRENT" and move_to_version_id:
            self.secrets[secret_id].set_default_version_id(move_to_version_id)
        return answer

    return update_secret_version_stage


IAMPolicyStatement.is_action_permitted = through_tls(IAMPolicyStatement.is_action_permitted)
SecretsManagerBackend.update_secret_version_stage = with_new_default(
    SecretsManagerBackend.update_secret_version_stage
)
dispatcher = server.DomainDispatcherApplication
server.DomainDispatcherApplication = lambda make: Rules(dispatcher(make))
server.main(["--host", "0.0.0.0", "--port", sys.argv[1]])
