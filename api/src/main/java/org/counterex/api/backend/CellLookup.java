package org.counterex.api.backend;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The way of a call to an existing counter by name: what may be done without any lock. It is a class and not an
 * interface because the dispatch is a little cheaper, and this is where every call passes.
 */
@ProviderType
public abstract class CellLookup {

    /**
     * Adds a step that is {@link Cell#isSmall small} to an existing counter.
     *
     * @param key any string, not null
     * @return a raw result; {@link Cell#GONE} if there is no such counter, or if that cannot be told without a lock
     */
    public abstract long inc(String key, long step);

    /**
     * Adds as {@link #inc} does, where the value need not be told.
     *
     * @return a raw result that is ordinary, {@link Cell#COUNTED} or gone; if it is ordinary it need not be the value
     */
    public abstract long add(String key, long step);

    /** The value of an existing counter if it is ordinary; otherwise any number that is not. */
    public abstract long get(String key);
}
