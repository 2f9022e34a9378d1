/**
 * What Countersign's services say to each other: the events that have happened, their names and their form on the wire.
 * Nothing here knows Spring, Axon or Kafka, so that a reader in any program can use it.
 */
package org.countersign.events;
