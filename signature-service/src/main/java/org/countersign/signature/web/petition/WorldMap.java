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

/** A world map that shades countries by their number of signatures. The outlines come from JQVMap. */
@Component
public class WorldMap {

    private static final String FILE = "/map/jquery.vmap.world.js";
    private static final Pattern PATH = Pattern.compile("[MmLlHhVvCcSsQqTtAaZz0-9.,\\- ]+");
    /** The lightest visible shade, in percent. */
    private static final int MIN_SHADE = 25;

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
                throw new IllegalStateException("The outline of " + country.getKey() + " is not an SVG path");
            }
            outlines.put(country.getKey().toUpperCase(Locale.ROOT), path);
        });
    }

    /** Reads the object that the script passes to JQVMap. */
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
     * Draws the map. Its colours are visible on light and on dark pages.
     *
     * @param counts the counts by country code; countries that are not on the map are left out
     * @return the map as SVG
     */
    public String svg(Map<String, Long> counts) {
        long highest = counts.values().stream().mapToLong(Long::longValue).max().orElse(1);
        StringBuilder svg = new StringBuilder(70_000)
                .append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\"><path fill=\"#8a94a0\" fill-opacity=\".35\" d=\"");
        outlines.forEach((country, outline) -> {
            if (shade(counts, country, highest) == 0) {
                svg.append(outline);
            }
        });
        svg.append("\"/><g fill=\"#1b9a78\">");
        outlines.forEach((country, outline) -> {
            int shade = shade(counts, country, highest);
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

    /**
     * Returns the shade in percent. It is logarithmic, so that one large country does not make all others look empty.
     */
    private static int shade(Map<String, Long> counts, String country, long highest) {
        long count = counts.getOrDefault(country, 0L);
        return count <= 0
                ? 0
                : highest <= 1
                        ? 100
                        : MIN_SHADE + (int) Math.round((100 - MIN_SHADE) * Math.log(count) / Math.log(highest));
    }
}
