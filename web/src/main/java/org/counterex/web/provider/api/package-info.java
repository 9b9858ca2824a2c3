/**
 * Operations of the JSON API, one class for each kind of resource. Start with {@link
 * org.counterex.web.provider.api.Api}; the resource {@code openapi.json} describes the operations. Depends on {@code
 * live}, {@code http} and {@code json}.
 */
package org.counterex.web.provider.api;
