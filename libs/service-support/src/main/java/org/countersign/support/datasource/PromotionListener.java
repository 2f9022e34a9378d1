package org.countersign.support.datasource;

/** Is told that a standby of PostgreSQL was promoted. */
@FunctionalInterface
public interface PromotionListener {

    /**
     * Called before anything uses a connection to the new primary. The new primary may lack commits of the old one, if
     * these did not wait for a standby. This method must not use the database.
     */
    void promoted();
}
