/** Connections at one time. Of any more, those that have been silent the longest are closed. */
export const CONNECTIONS_MOST = 64;

/** How long connections beyond these places stay at most, and how many there may be for that time, the others included. */
export const CROWDED_MOST_MS = 100;
export const CROWD_MOST = 768;

/** Answers under way at one time, each in memory. Of any more, the oldest is cut off. */
export const ANSWERS_MOST = 64;

/** Bytes of the request line and all headers. */
export const HEADER_BYTES_MOST = 8 * 1024;

/** The body of a delivery of Mailtrap's audit events, and how many are taken in at one time. Of any more, the oldest is cut off. */
export const DELIVERY_BYTES_MOST = 1024 * 1024;
export const DELIVERIES_MOST = 8;

/** No other route reads a body. The server discards up to so many bytes of one, then closes the connection. */
export const BODY_BYTES_MOST = 64 * 1024;

/** How long a whole request may take to arrive, and its headers as well. */
export const REQUEST_TIMEOUT_MS = 5_000;

/** How long a client may take to read the answer. */
export const ANSWER_TIMEOUT_MS = 10_000;

/** How long a connection may idle until its next request. */
export const KEEP_ALIVE_MS = 5_000;

/** How often the server looks for connections that are over their time. */
export const CHECK_EVERY_MS = 1_000;

/** How long answers under way may take once the server closes. */
export const CLOSE_GRACE_MS = 250;
