/**
 * Example of a bundle that counts events of the framework it runs in. Start with {@link
 * org.example.requests.RequestCounter}; it depends on the API of counters and the servlet whiteboard.
 */
package org.example.requests;
