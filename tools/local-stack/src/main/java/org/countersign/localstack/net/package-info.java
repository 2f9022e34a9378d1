/** Connections that pass through this program. */
package org.countersign.localstack.net;
