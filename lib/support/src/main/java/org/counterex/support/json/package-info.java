/**
 * JSON, read and written strictly and as a stream. Start with {@link org.counterex.support.json.JsonReader}. Depends on
 * the names of counters in the API and on nothing else.
 */
package org.counterex.support.json;
