package org.countersign.charttests;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.openshift.api.model.monitoring.v1.Endpoint;
import io.fabric8.openshift.api.model.monitoring.v1.RelabelConfig;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Alerts, dashboard and scrapes against those of docker-compose.yml. */
class ChartMonitoringTest {

    private static final Path DEPLOY = Chart.HOME.resolve("deploy");
    private static final YAMLMapper YAML = new YAMLMapper();

    private static JsonNode documentOf(String kind) {
        return List.of(Chart.with("full").text().split("(?m)^---$")).stream()
                .filter(document -> document.contains("\nkind: " + kind + "\n"))
                .map(YAML::readTree)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void the_alert_rules_are_those_of_compose() {
        JsonNode rules = YAML.readTree(Chart.text(DEPLOY.resolve("prometheus/alerts.yml")));
        assertThat(rules.get("groups").get(0).get("rules").size()).isGreaterThan(10);
        assertThat(documentOf("PrometheusRule").get("spec")).isEqualTo(rules);
    }

    @Test
    void the_dashboard_is_that_of_compose() {
        ConfigMap dashboard = Chart.with("full").one(ConfigMap.class, "-dashboard");
        assertThat(dashboard.getData().get("countersign.json").strip())
                .isEqualTo(Chart.text(DEPLOY.resolve("grafana/dashboards/countersign.json"))
                        .strip());
        assertThat(dashboard.getMetadata().getLabels()).containsEntry("grafana_dashboard", "1");
    }

    /** The alerts name the job, and the label service of deploy/prometheus/prometheus.yml. */
    @Test
    void scrapes_get_the_labels_that_the_alerts_expect() {
        assertThat(Chart.text(DEPLOY.resolve("prometheus/alerts.yml"))).contains("job=\"countersign\"");
        Endpoint endpoint = Chart.with("full")
                .one(ServiceMonitor.class, "petitions")
                .getSpec()
                .getEndpoints()
                .get(0);
        assertThat(endpoint.getRelabelings())
                .extracting(RelabelConfig::getTargetLabel)
                .containsExactly("job", "service");
        assertThat(endpoint.getRelabelings().get(0).getReplacement()).isEqualTo("countersign");
        String source = "app.kubernetes.io/component";
        assertThat(endpoint.getRelabelings().get(1).getSourceLabels())
                .containsExactly("__meta_kubernetes_service_label_" + source.replaceAll("[^a-z]", "_"));
    }

    @Test
    void the_service_monitor_selects_the_management_port_of_each_service() {
        ServiceMonitor monitor = Chart.with("full").one(ServiceMonitor.class, "petitions");
        Map<String, String> selector = monitor.getSpec().getSelector().getMatchLabels();
        List<Service> selected = Chart.with("full").all(Service.class).stream()
                .filter(service -> service.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
                .toList();
        String port = monitor.getSpec().getEndpoints().get(0).getPort();
        assertThat(selected)
                .hasSize(3)
                .allSatisfy(service -> assertThat(service.getSpec().getPorts())
                        .extracting(one -> one.getName())
                        .containsExactly(port));
        assertThat(selected)
                .extracting(service -> service.getMetadata().getLabels().get("app.kubernetes.io/component"))
                .containsExactlyInAnyOrderElementsOf(ServiceProperties.SERVICES);
    }
}
