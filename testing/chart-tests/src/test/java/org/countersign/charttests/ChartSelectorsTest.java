package org.countersign.charttests;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every reference of one object to another. */
class ChartSelectorsTest {

    private static List<PodTemplateSpec> selected(Manifests manifests, Map<String, String> selector) {
        return manifests.pods().values().stream()
                .filter(pod -> pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
                .toList();
    }

    private static List<PodTemplateSpec> selected(Manifests manifests, LabelSelector selector) {
        assertThat(selector.getMatchExpressions()).isEmpty();
        return selected(manifests, selector.getMatchLabels());
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "full", "cluster"})
    void a_service_leads_to_the_named_port_of_one_deployment(String values) {
        Manifests manifests = Chart.with(values);
        assertThat(manifests.all(Service.class)).hasSize(6).allSatisfy(service -> {
            List<PodTemplateSpec> pods = selected(manifests, service.getSpec().getSelector());
            assertThat(pods).as(service.getMetadata().getName()).hasSize(1);
            ServicePort port = service.getSpec().getPorts().get(0);
            assertThat(pods.get(0).getSpec().getContainers().get(0).getPorts())
                    .filteredOn(one -> one.getName().equals(port.getTargetPort().getStrVal()))
                    .extracting(one -> one.getContainerPort())
                    .containsExactly(port.getPort());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "full", "cluster"})
    void deployments_budgets_and_spreads_select_their_own_pods(String values) {
        Manifests manifests = Chart.with(values);
        assertThat(manifests.all(Deployment.class)).allSatisfy(deployment -> {
            PodTemplateSpec own = deployment.getSpec().getTemplate();
            assertThat(selected(manifests, deployment.getSpec().getSelector())).containsExactly(own);
            assertThat(own.getSpec().getTopologySpreadConstraints())
                    .isNotEmpty()
                    .allSatisfy(spread -> assertThat(selected(manifests, spread.getLabelSelector()))
                            .containsExactly(own));
        });
        assertThat(manifests.all(PodDisruptionBudget.class))
                .hasSize(3)
                .allSatisfy(budget -> assertThat(
                                selected(manifests, budget.getSpec().getSelector()))
                        .hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "full", "cluster"})
    void network_policies_select_pods_that_there_are(String values) {
        Manifests manifests = Chart.with(values);
        assertThat(manifests.all(NetworkPolicy.class))
                .hasSize(6)
                .allSatisfy(policy -> assertThat(
                                selected(manifests, policy.getSpec().getPodSelector()))
                        .as(policy.getMetadata().getName())
                        .isNotEmpty());
    }

    @Test
    void autoscalers_scale_deployments_that_there_are() {
        Manifests manifests = Chart.with("full");
        assertThat(manifests.all(HorizontalPodAutoscaler.class)).hasSize(2).allSatisfy(scaler -> {
            String target = scaler.getSpec().getScaleTargetRef().getName();
            assertThat(manifests.one(Deployment.class, target).getMetadata().getName())
                    .isEqualTo(target);
        });
    }

    @Test
    void mounted_config_maps_are_rendered() {
        Manifests manifests = Chart.with("minimal");
        assertThat(manifests.pods().values())
                .flatExtracting(pod -> pod.getSpec().getVolumes())
                .filteredOn(volume -> volume.getConfigMap() != null)
                .isNotEmpty()
                .allSatisfy(volume -> assertThat(manifests.one(
                                ConfigMap.class, volume.getConfigMap().getName()))
                        .isNotNull());
    }

    @Test
    void an_ingress_leads_to_a_public_port_and_never_to_a_management_port() {
        Manifests manifests = Chart.with("full");
        assertThat(manifests.all(Ingress.class)).hasSize(3).allSatisfy(ingress -> {
            var rule = ingress.getSpec().getRules().get(0);
            var backend = rule.getHttp().getPaths().get(0).getBackend().getService();
            ServicePort port = portOf(manifests, backend.getName());
            assertThat(port.getName()).isEqualTo(backend.getPort().getName()).isEqualTo("http");
            assertThat(ingress.getSpec().getTls().get(0).getHosts()).containsExactly(rule.getHost());
        });
        assertThat(manifests.all(Ingress.class))
                .extracting(ingress -> ingress.getSpec().getRules().get(0).getHost())
                .containsExactlyInAnyOrder("sign.example.org", "live.example.org", "notifier.example.org");
    }

    @Test
    void an_http_route_leads_to_a_public_port_and_gives_live_streams_no_timeout() {
        Manifests manifests = Chart.with("full");
        assertThat(manifests.all(HTTPRoute.class)).hasSize(3).allSatisfy(route -> {
            var backend = route.getSpec().getRules().get(0).getBackendRefs().get(0);
            ServicePort port = portOf(manifests, backend.getName());
            assertThat(port.getName()).isEqualTo("http");
            assertThat(port.getPort()).isEqualTo(backend.getPort());
        });
        var counter = manifests.one(HTTPRoute.class, "counter-projection");
        assertThat(counter.getSpec().getHostnames()).containsExactly("live.example.org");
        assertThat(counter.getSpec().getRules().get(0).getTimeouts().getRequest())
                .isEqualTo("0s");
    }

    @Test
    void a_live_stream_is_not_buffered_and_outlives_many_heartbeats() {
        assertThat(Chart.with("full")
                        .one(Ingress.class, "counter-projection")
                        .getMetadata()
                        .getAnnotations())
                .containsEntry("nginx.ingress.kubernetes.io/proxy-buffering", "off")
                .containsEntry("nginx.ingress.kubernetes.io/proxy-read-timeout", "3600");
    }

    private static ServicePort portOf(Manifests manifests, String service) {
        return manifests.all(Service.class).stream()
                .filter(one -> one.getMetadata().getName().equals(service))
                .map(one -> one.getSpec().getPorts().get(0))
                .findFirst()
                .orElseThrow();
    }
}
