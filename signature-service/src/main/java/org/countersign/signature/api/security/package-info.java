/** Who may do what, and how much of it. */
package org.countersign.signature.api.security;
