/**
 * JSON form of requests and responses. Start with {@link org.counterex.web.provider.json.JsonMapper}. Depends on the
 * API and the embedded JSON reader and writer only.
 */
package org.counterex.web.provider.json;
