/** Who signs: the canonical form of an address, the id made of it, and personal data under lock and key. */
package org.countersign.signature.personaldata;
