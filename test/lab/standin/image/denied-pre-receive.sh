#!/bin/sh
# In place of Gitea's own hook for someone who may read but not write.
cat > /dev/null
echo 'Gitea: User permission denied for writing.' >&2
exit 1
