/**
 * What is answered when a request can't be done: RFC 9457 problem details, each refusal mapped to its status in one
 * place.
 */
package org.countersign.signature.domain;
