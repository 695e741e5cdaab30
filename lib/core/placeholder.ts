/** The organisation in the subject of a placeholder: what tells it from a certificate that somebody issued. */
export const placeholderMark = 'gitea-runbooks placeholder';
