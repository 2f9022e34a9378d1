package org.countersign.charttests;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The rendered objects, each parsed with the type of its kind.
 *
 * @param text what Helm has rendered
 */
record Manifests(String text, List<HasMetadata> objects) {

    private static final Pattern SEPARATOR = Pattern.compile("(?m)^---$");
    private static final Map<String, Class<? extends HasMetadata>> TYPES = Map.ofEntries(
            Map.entry("v1 ConfigMap", ConfigMap.class),
            Map.entry("v1 Pod", Pod.class),
            Map.entry("v1 Service", Service.class),
            Map.entry("apps/v1 Deployment", Deployment.class),
            Map.entry("batch/v1 Job", Job.class),
            Map.entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
            Map.entry("networking.k8s.io/v1 Ingress", Ingress.class),
            Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
            Map.entry("gateway.networking.k8s.io/v1 HTTPRoute", HTTPRoute.class),
            Map.entry("monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class),
            Map.entry("monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class));

    /** The models keep unknown fields in a map. Without it, they are errors. */
    private static final YAMLMapper STRICT = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(MapperConfig<?> config, Annotated annotated) {
                    return false;
                }

                /**
                 * The models of monitoring have annotations of Jackson 2, so they would inherit the reader of any
                 * object.
                 */
                @Override
                public Object findDeserializer(MapperConfig<?> config, Annotated annotated) {
                    boolean monitoring = annotated.getRawType().getPackageName().startsWith("io.fabric8.openshift");
                    return monitoring ? null : super.findDeserializer(config, annotated);
                }
            })
            .build();

    /**
     * Parses each document strictly.
     *
     * @throws RuntimeException for an unknown kind, field or type
     */
    static Manifests parse(String text) {
        List<HasMetadata> objects = SEPARATOR
                .splitAsStream(text)
                .filter(document -> document.lines().anyMatch(line -> line.startsWith("kind:")))
                .map(Manifests::object)
                .toList();
        return new Manifests(text, objects);
    }

    private static HasMetadata object(String document) {
        JsonNode node = STRICT.readTree(document);
        String kind = node.get("apiVersion").asString() + " " + node.get("kind").asString();
        Class<? extends HasMetadata> type = Optional.<Class<? extends HasMetadata>>ofNullable(TYPES.get(kind))
                .orElseThrow(() -> new IllegalArgumentException("unknown kind " + kind));
        return STRICT.treeToValue(node, type);
    }

    <T extends HasMetadata> List<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T extends HasMetadata> T one(Class<T> type, String nameEnd) {
        List<T> found = all(type).stream()
                .filter(object -> object.getMetadata().getName().endsWith(nameEnd))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(
                    found.size() + " objects " + type.getSimpleName() + " end with " + nameEnd + " in " + names());
        }
        return found.get(0);
    }

    private List<String> names() {
        return objects.stream()
                .map(object -> object.getKind() + "/" + object.getMetadata().getName())
                .toList();
    }

    /** The pods of all Deployments, Jobs and tests, by the kind and name of the object that makes them. */
    Map<String, PodTemplateSpec> pods() {
        Map<String, PodTemplateSpec> pods = new LinkedHashMap<>();
        all(Deployment.class)
                .forEach(deployment -> pods.put(
                        "Deployment " + deployment.getMetadata().getName(),
                        deployment.getSpec().getTemplate()));
        all(Job.class)
                .forEach(job -> pods.put(
                        "Job " + job.getMetadata().getName(), job.getSpec().getTemplate()));
        all(Pod.class)
                .forEach(pod -> pods.put(
                        "Pod " + pod.getMetadata().getName(),
                        new PodTemplateSpecBuilder()
                                .withMetadata(pod.getMetadata())
                                .withSpec(pod.getSpec())
                                .build()));
        return pods;
    }

    /** The environment of a service's Deployment and of the Job that migrates its database. */
    Map<String, EnvVar> environment(String service) {
        Map<String, EnvVar> environment = new LinkedHashMap<>();
        Stream.of(
                        one(Deployment.class, service).getSpec().getTemplate(),
                        one(Job.class, service + "-migration").getSpec().getTemplate())
                .flatMap(pod -> pod.getSpec().getContainers().stream())
                .flatMap((Container container) -> container.getEnv().stream())
                .forEach(variable -> environment.put(variable.getName(), variable));
        return environment;
    }
}
