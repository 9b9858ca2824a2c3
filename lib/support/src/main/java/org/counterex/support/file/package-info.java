/**
 * Files that are written whole or not at all. Bundles embed this package; it is private to each of them. Start with
 * {@link org.counterex.support.file.ChecksummedFile}. It depends on the JDK alone.
 */
package org.counterex.support.file;
