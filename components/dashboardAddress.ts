/** TCP port of the dashboard where nothing else is said. */
export const DASHBOARD_PORT = 8440;

/** Where `./workshop dashboard` listens; only the command's own output holds the token that lets a browser in. */
export const DASHBOARD_ADDRESS = `http://127.0.0.1:${DASHBOARD_PORT}/`;
