package org.countersign.charttests;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which connections the network policies allow, as Kubernetes defines it: a pod that a policy selects has only the
 * connections that the rules of its policies name.
 */
record PolicyCheck(List<NetworkPolicy> policies) {

    static PolicyCheck of(Manifests manifests) {
        return new PolicyCheck(manifests.all(NetworkPolicy.class));
    }

    /** Whether a pod may connect to another pod of the release: both ends must allow it. */
    boolean allows(Map<String, String> from, Map<String, String> to, int port) {
        boolean out = !isIsolated(from, "Egress")
                || egress(from).anyMatch(rule -> hasPort(rule.getPorts(), port) && names(rule.getTo(), to));
        boolean in = !isIsolated(to, "Ingress")
                || ingress(to).anyMatch(rule -> hasPort(rule.getPorts(), port) && names(rule.getFrom(), from));
        return out && in;
    }

    /** Whether a pod may connect to a server outside the release. */
    boolean allowsOutside(Map<String, String> from, int port) {
        return !isIsolated(from, "Egress")
                || egress(from).anyMatch(rule -> hasPort(rule.getPorts(), port) && namesOutside(rule.getTo()));
    }

    /** The peers outside the release that may connect to the port of a pod. */
    List<NetworkPolicyPeer> callersFromOutside(Map<String, String> to, int port) {
        return ingress(to)
                .filter(rule -> hasPort(rule.getPorts(), port))
                .flatMap(rule -> rule.getFrom().stream())
                .filter(peer -> !isOfRelease(peer))
                .toList();
    }

    private boolean isIsolated(Map<String, String> pod, String direction) {
        return selecting(pod)
                .anyMatch(policy -> policy.getSpec().getPolicyTypes().contains(direction));
    }

    private Stream<NetworkPolicy> selecting(Map<String, String> pod) {
        return policies.stream().filter(policy -> matches(policy.getSpec().getPodSelector(), pod));
    }

    private Stream<NetworkPolicyEgressRule> egress(Map<String, String> pod) {
        return selecting(pod).flatMap(policy -> policy.getSpec().getEgress().stream());
    }

    private Stream<NetworkPolicyIngressRule> ingress(Map<String, String> pod) {
        return selecting(pod).flatMap(policy -> policy.getSpec().getIngress().stream());
    }

    /** A rule without ports is for every port. */
    private static boolean hasPort(List<NetworkPolicyPort> ports, int port) {
        return ports.isEmpty()
                || ports.stream()
                        .anyMatch(one ->
                                "TCP".equals(one.getProtocol()) && one.getPort().getIntVal() == port);
    }

    /** A rule without peers is for everybody. */
    private static boolean names(List<NetworkPolicyPeer> peers, Map<String, String> pod) {
        return peers.isEmpty()
                || peers.stream()
                        .anyMatch(peer -> peer.getNamespaceSelector() == null
                                && peer.getPodSelector() != null
                                && matches(peer.getPodSelector(), pod));
    }

    private static boolean namesOutside(List<NetworkPolicyPeer> peers) {
        return peers.isEmpty() || peers.stream().anyMatch(peer -> !isOfRelease(peer));
    }

    private static boolean isOfRelease(NetworkPolicyPeer peer) {
        return peer.getPodSelector() != null
                && peer.getPodSelector().getMatchLabels().containsKey("app.kubernetes.io/instance");
    }

    private static boolean matches(LabelSelector selector, Map<String, String> labels) {
        return labels.entrySet().containsAll(selector.getMatchLabels().entrySet());
    }
}
