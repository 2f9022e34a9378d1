package org.countersign.signature.web.petition;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A map of the world, on which countries are the darker the more come from there. Its outlines are those of JQVMap. */
@Component
public class WorldMap {

    private static final String FILE = "/map/jquery.vmap.world.js";
    private static final Pattern PATH = Pattern.compile("[MmLlHhVvCcSsQqTtAaZz0-9.,\\- ]+");
    /** The lightest shade that is seen, of 100. */
    private static final int LIGHTEST = 25;

    private final Map<String, String> outlines = new HashMap<>();
    private final int width;
    private final int height;

    public WorldMap() {
        JsonNode map = read();
        this.width = map.required("width").asInt();
        this.height = map.required("height").asInt();
        map.required("paths").propertyStream().forEach(country -> {
            String path = country.getValue().required("path").asString();
            if (!PATH.matcher(path).matches()) {
                throw new IllegalStateException("the outline of " + country.getKey() + " is none");
            }
            outlines.put(country.getKey().toUpperCase(Locale.ROOT), path);
        });
    }

    /** The file is a script that hands over an object. */
    private static JsonNode read() {
        try (InputStream in = WorldMap.class.getResourceAsStream(FILE)) {
            String script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return JsonMapper.builder()
                    .build()
                    .readTree(script.substring(script.indexOf('{'), script.lastIndexOf('}') + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The map as SVG. Its colours are seen on light and on dark pages.
     *
     * @param counts by country code; a country that is not on the map is left out
     */
    public String svg(Map<String, Long> counts) {
        long most = counts.values().stream().mapToLong(Long::longValue).max().orElse(1);
        StringBuilder svg = new StringBuilder(70_000)
                .append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\"><path fill=\"#8a94a0\" fill-opacity=\".35\" d=\"");
        outlines.forEach((country, outline) -> {
            if (shade(counts, country, most) == 0) {
                svg.append(outline);
            }
        });
        svg.append("\"/><g fill=\"#1b9a78\">");
        outlines.forEach((country, outline) -> {
            int shade = shade(counts, country, most);
            if (shade > 0) {
                svg.append("<path id=\"")
                        .append(country)
                        .append("\" fill-opacity=\"")
                        .append(shade / 100.0)
                        .append("\" d=\"")
                        .append(outline)
                        .append("\"/>");
            }
        });
        return svg.append("</g></svg>").toString();
    }

    /** Of 100, by the logarithm: else one large country would make all others look empty. */
    private static int shade(Map<String, Long> counts, String country, long most) {
        long count = counts.getOrDefault(country, 0L);
        return count <= 0
                ? 0
                : most <= 1 ? 100 : LIGHTEST + (int) Math.round((100 - LIGHTEST) * Math.log(count) / Math.log(most));
    }
}
