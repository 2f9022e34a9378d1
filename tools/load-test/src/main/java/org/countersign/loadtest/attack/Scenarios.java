package org.countersign.loadtest.attack;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.countersign.localstack.client.UserException;

/** All attack styles and honest crowds by name. */
final class Scenarios {

    static final List<Scenario.AttackStyle> STYLES = List.of(
            new CatchAllDomain(),
            new RotatingSubdomains(),
            new ManyNetworks(),
            new ManyProviders(),
            new SlowTrickle(),
            new StoredConfirmations(),
            new CopiedCountries(),
            new ManyDomains(),
            new ExpiredDomains(),
            new ProxiedCatchAlls());

    static final List<Scenario.HonestCrowd> CROWDS =
            List.of(new NewsSpike(), new University(), new MobileCarriers(), new OneCountry());

    private Scenarios() {}

    /** @throws UserException if there is no such style */
    static Scenario.AttackStyle style(String name) {
        return find("style", name, STYLES, Scenario.AttackStyle::name);
    }

    /** @throws UserException if there is no such crowd */
    static Scenario.HonestCrowd crowd(String name) {
        return find("crowd", name, CROWDS, Scenario.HonestCrowd::name);
    }

    private static <T> T find(String option, String name, List<T> all, Function<T, String> nameOf) {
        return all.stream()
                .filter(one -> nameOf.apply(one).equals(name))
                .findAny()
                .orElseThrow(() -> new UserException("There is no " + option + " '" + name + "'. Use one of: "
                        + all.stream().map(nameOf).collect(Collectors.joining(", ")) + "."));
    }
}
