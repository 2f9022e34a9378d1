package org.countersign.signature.screening;

import org.countersign.events.SigningRules;

/**
 * The rules of a petition, prepared for many sign calls.
 *
 * @param rules the rules as the organiser gave them
 * @param allow the prepared list of the same name
 * @param hold the prepared list of the same name
 * @param block the prepared list of the same name
 */
record CompiledRules(SigningRules rules, OriginList allow, OriginList hold, OriginList block) {

    /** The default rules. */
    static final CompiledRules DEFAULT = of(SigningRules.DEFAULT);

    static CompiledRules of(SigningRules rules) {
        return new CompiledRules(
                rules, new OriginList(rules.allow()), new OriginList(rules.hold()), new OriginList(rules.block()));
    }
}
