package org.countersign.charttests;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each pod may do, and how it starts and ends. */
class ChartPodsTest {

    private static List<Deployment> deployments(String values) {
        return Chart.with(values).all(Deployment.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "full", "cluster", "external-secrets"})
    void every_pod_meets_the_restricted_pod_security_standard(String values) {
        assertThat(Chart.with(values).pods()).hasSize(7).allSatisfy((name, pod) -> {
            PodSpec spec = pod.getSpec();
            assertThat(spec.getAutomountServiceAccountToken()).isFalse();
            assertThat(spec.getEnableServiceLinks()).isFalse();
            assertThat(spec.getHostNetwork()).isNull();
            assertThat(spec.getHostPID()).isNull();
            assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(spec.getSecurityContext().getRunAsUser()).isPositive();
            assertThat(spec.getSecurityContext().getRunAsGroup()).isPositive();
            assertThat(spec.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(spec.getInitContainers()).isEmpty();
            assertThat(spec.getContainers()).hasSize(1).allSatisfy(ChartPodsTest::isRestricted);
            assertThat(spec.getVolumes()).noneMatch(volume -> volume.getHostPath() != null);
        });
    }

    private static void isRestricted(Container container) {
        SecurityContext context = container.getSecurityContext();
        assertThat(context.getAllowPrivilegeEscalation()).isFalse();
        assertThat(context.getReadOnlyRootFilesystem()).isTrue();
        assertThat(context.getPrivileged()).isNull();
        assertThat(context.getRunAsUser()).isNull();
        assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(context.getCapabilities().getAdd()).isEmpty();
        assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
        assertThat(container.getResources().getLimits()).containsKey("memory");
        assertThat(container.getVolumeMounts())
                .anyMatch(mount -> mount.getMountPath().equals("/tmp"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "full", "cluster"})
    void every_mount_has_its_volume_and_only_tmp_can_be_written(String values) {
        assertThat(Chart.with(values).pods()).allSatisfy((name, pod) -> {
            Container container = pod.getSpec().getContainers().get(0);
            assertThat(container.getVolumeMounts())
                    .extracting(mount -> mount.getName())
                    .containsExactlyInAnyOrderElementsOf(pod.getSpec().getVolumes().stream()
                            .map(Volume::getName)
                            .toList());
            assertThat(container.getVolumeMounts())
                    .filteredOn(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
                    .extracting(mount -> mount.getMountPath())
                    .containsExactly("/tmp");
        });
    }

    @Test
    void the_memory_limit_exceeds_the_heap_of_the_image() {
        String options = Chart.text(Path.of(Chart.HOME.toString(), "deploy/service.jvmopts"));
        var heap = Pattern.compile("-Xmx(\\d+)m").matcher(options);
        assertThat(heap.find()).isTrue();
        long mebibytes = Long.parseLong(heap.group(1));
        // Classes, compiled code, threads and buffers take about as much again.
        assertThat(deployments("minimal"))
                .extracting(
                        deployment -> memory(deployment.getSpec().getTemplate().getSpec()))
                .allMatch(limit -> limit >= 2 * mebibytes);
    }

    private static long memory(PodSpec pod) {
        Map<String, Quantity> limits = pod.getContainers().get(0).getResources().getLimits();
        return Quantity.getAmountInBytes(limits.get("memory")).longValueExact() / (1024 * 1024);
    }

    /** The health groups are those of application.yml; the probes of Spring Boot are enabled there. */
    @Test
    void probes_ask_the_health_groups_on_the_management_port() {
        assertThat(deployments("minimal")).hasSize(3).allSatisfy(deployment -> {
            Container container =
                    deployment.getSpec().getTemplate().getSpec().getContainers().get(0);
            assertThat(container.getStartupProbe().getHttpGet().getPath()).isEqualTo("/actuator/health/liveness");
            assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/actuator/health/liveness");
            assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/actuator/health/readiness");
            String application =
                    Chart.text(Chart.HOME.resolve(container.getName() + "/src/main/resources/application.yml"));
            assertThat(application)
                    .contains("DEGRADED: 200", "DOWN: 503", "readiness:", "probes:\n        enabled: true");
            assertThat(List.of(
                            container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe()))
                    .extracting(probe -> probe.getHttpGet().getPort().getStrVal())
                    .containsOnly("management");
        });
    }

    @Test
    void the_startup_probe_waits_longer_than_the_service_waits_for_its_database() {
        assertThat(deployments("minimal")).allSatisfy(deployment -> {
            Container container =
                    deployment.getSpec().getTemplate().getSpec().getContainers().get(0);
            String application =
                    Chart.text(Chart.HOME.resolve(container.getName() + "/src/main/resources/application.yml"));
            var wait = Pattern.compile("initialization-fail-timeout: (\\d+)").matcher(application);
            assertThat(wait.find()).isTrue();
            var probe = container.getStartupProbe();
            assertThat(probe.getPeriodSeconds() * probe.getFailureThreshold() * 1000L)
                    .isGreaterThan(Long.parseLong(wait.group(1)) + 60_000);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"minimal", "full"})
    void the_grace_period_covers_the_pause_the_drain_and_the_stop_grace_period(String values) {
        var compose = Pattern.compile("stop_grace_period: (\\d+)s")
                .matcher(Chart.text(Chart.HOME.resolve("docker-compose.yml")));
        assertThat(compose.find()).isTrue();
        long stop = Long.parseLong(compose.group(1));
        assertThat(deployments(values)).allSatisfy(deployment -> {
            PodSpec pod = deployment.getSpec().getTemplate().getSpec();
            Container container = pod.getContainers().get(0);
            long pause = container.getLifecycle().getPreStop().getSleep().getSeconds();
            String drain = Chart.with(values)
                    .environment(container.getName())
                    .get("COUNTERSIGN_DRAIN")
                    .getValue();
            long drainSeconds = Long.parseLong(drain.replace("s", ""));
            assertThat(pause).isPositive();
            assertThat(drainSeconds).isPositive();
            assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThanOrEqualTo(pause + drainSeconds + stop);
        });
    }

    @Test
    void an_update_ends_no_pod_before_its_successor_is_ready() {
        assertThat(deployments("minimal")).allSatisfy(deployment -> {
            var update = deployment.getSpec().getStrategy().getRollingUpdate();
            assertThat(update.getMaxUnavailable().getIntVal()).isZero();
            assertThat(update.getMaxSurge().getIntVal()).isPositive();
            assertThat(deployment.getSpec().getReplicas()).isGreaterThan(1);
        });
    }

    @Test
    void an_autoscaled_service_has_no_fixed_number_of_pods() {
        assertThat(Chart.with("full")
                        .one(Deployment.class, "signature-service")
                        .getSpec()
                        .getReplicas())
                .isNull();
        assertThat(Chart.with("full")
                        .one(Deployment.class, "notifier")
                        .getSpec()
                        .getReplicas())
                .isEqualTo(3);
    }

    @Test
    void databases_are_migrated_before_the_new_version_starts() {
        assertThat(Chart.with("minimal").all(Job.class)).hasSize(3).allSatisfy(job -> {
            assertThat(job.getMetadata().getAnnotations()).containsEntry(Chart.HOOK, "pre-install,pre-upgrade");
            Container container =
                    job.getSpec().getTemplate().getSpec().getContainers().get(0);
            assertThat(container.getArgs()).containsExactly("migrate");
            String service = job.getMetadata().getName().replaceAll("^countersign-|-migration$", "");
            assertThat(container.getImage())
                    .isEqualTo(Chart.with("minimal")
                            .one(Deployment.class, service)
                            .getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers()
                            .get(0)
                            .getImage());
        });
    }
}
