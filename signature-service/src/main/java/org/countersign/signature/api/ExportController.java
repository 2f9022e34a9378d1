package org.countersign.signature.api;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.countersign.events.PetitionSlug;
import org.countersign.signature.application.Petitions;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.petition.Petition;
import org.countersign.signature.export.CsvWriter;
import org.countersign.signature.export.Handover;
import org.countersign.signature.export.HandoverDocument;
import org.countersign.support.access.AccessLog;
import org.countersign.support.ndjson.NdjsonWriter;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import tools.jackson.databind.json.JsonMapper;

/** Exports for the recipients of a petition. Only the organiser may call it. */
@RestController
@RequestMapping("/api/petitions/{petition}")
class ExportController {

    private static final MediaType CSV = new MediaType("text", "csv", StandardCharsets.UTF_8);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Map<String, Function<Handover.ExportedSignature, Object>> COLUMNS = new LinkedHashMap<>();

    static {
        COLUMNS.put("name", Handover.ExportedSignature::name);
        COLUMNS.put("email", Handover.ExportedSignature::email);
        COLUMNS.put("country", Handover.ExportedSignature::country);
        COLUMNS.put("comment", Handover.ExportedSignature::comment);
        COLUMNS.put("public", Handover.ExportedSignature::publicly);
        COLUMNS.put("signedAt", signature -> signature.signedOn().toString());
        COLUMNS.put("verifiedAt", signature -> signature.verifiedOn().toString());
    }

    /** The caller, read before another thread writes the response. */
    private record Exporter(String user, String address) {

        private static Exporter of(HttpServletRequest request) {
            return new Exporter(
                    Objects.requireNonNull(request.getRemoteUser(), "not authenticated"), request.getRemoteAddr());
        }
    }

    /**
     * An export of signatures.
     *
     * @param columns how to get the value of each column
     * @param action its entry in the access log
     */
    private record Export(
            PetitionSlug petition,
            Exporter exporter,
            Map<String, Function<Handover.ExportedSignature, Object>> columns,
            String action) {}

    private final Petitions petitions;
    private final Handover handover;
    private final HandoverDocument document;
    private final AccessLog log;

    ExportController(Petitions petitions, Handover handover, HandoverDocument document, AccessLog log) {
        this.petitions = petitions;
        this.handover = handover;
        this.document = document;
        this.log = log;
    }

    /**
     * Streams the signatures as CSV, with a header line.
     *
     * @param ids {@code true} adds the id of each signature as the last column
     * @param contact {@code true} adds, after that, whether the signer may be contacted for other purposes
     */
    @GetMapping("/signatures.csv")
    ResponseEntity<StreamingResponseBody> csv(
            @PathVariable String petition,
            @RequestParam(defaultValue = "false") String ids,
            @RequestParam(defaultValue = "false") String contact,
            HttpServletRequest request) {
        Export export = export(petition, ids, contact, request);
        return stream(CSV, export.petition() + ".csv", out -> {
            write(out, CsvWriter.line(List.copyOf(export.columns().keySet())));
            export(
                    export,
                    fields -> write(
                            out,
                            CsvWriter.line(fields.values().stream()
                                    .map(Object::toString)
                                    .toList())));
        });
    }

    /**
     * Streams the signatures as NDJSON.
     *
     * @param ids {@code true} adds the id of each signature as the last property
     * @param contact {@code true} adds, after that, whether the signer may be contacted for other purposes
     */
    @GetMapping("/signatures.ndjson")
    ResponseEntity<StreamingResponseBody> ndjson(
            @PathVariable String petition,
            @RequestParam(defaultValue = "false") String ids,
            @RequestParam(defaultValue = "false") String contact,
            HttpServletRequest request) {
        Export export = export(petition, ids, contact, request);
        return stream(
                NdjsonWriter.MEDIA_TYPE,
                export.petition() + ".ndjson",
                out -> export(export, fields -> write(out, JSON.writeValueAsString(fields) + "\n")));
    }

    /** Returns the document that accompanies the signatures. It contains no personal data. */
    @GetMapping("/handover.pdf")
    ResponseEntity<byte[]> document(@PathVariable String petition) {
        Petition found = petitions.get(petition);
        return file(MediaType.APPLICATION_PDF, found.slug() + ".pdf").body(document.of(found));
    }

    /** Ids connect names with histories. The access log therefore records an export with ids separately. */
    private Export export(String petition, String ids, String contact, HttpServletRequest request) {
        PetitionSlug slug = petitions.get(petition).slug();
        boolean withIds = flag("ids", ids);
        Map<String, Function<Handover.ExportedSignature, Object>> columns = new LinkedHashMap<>(COLUMNS);
        if (withIds) {
            columns.put("signatureId", signature -> signature.id().toString());
        }
        if (flag("contact", contact)) {
            columns.put("contact", Handover.ExportedSignature::contact);
        }
        Exporter exporter = Exporter.of(request);
        if (!withIds) {
            return new Export(slug, exporter, columns, "exported signatures");
        }
        log.record(exporter.user(), "export signatures with ids", slug.value(), null, exporter.address());
        return new Export(slug, exporter, columns, "exported signatures with ids");
    }

    private static boolean flag(String name, String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new InvalidFieldsException(name, "must be true or false");
        }
        return text.equals("true");
    }

    /**
     * Exports the signatures. The access log has an entry from before the export, and gets the number of rows after it.
     */
    private void export(Export export, Consumer<Map<String, Object>> writer) {
        AtomicLong rows = new AtomicLong();
        Exporter exporter = export.exporter();
        try {
            handover.forEach(export.petition(), signature -> {
                writer.accept(fields(export, signature));
                rows.incrementAndGet();
            });
        } finally {
            log.record(exporter.user(), export.action(), export.petition().value(), rows.get(), exporter.address());
        }
    }

    private static Map<String, Object> fields(Export export, Handover.ExportedSignature signature) {
        Map<String, Object> fields = new LinkedHashMap<>();
        export.columns().forEach((column, value) -> fields.put(column, value.apply(signature)));
        return fields;
    }

    private static ResponseEntity<StreamingResponseBody> stream(
            MediaType type, String file, StreamingResponseBody body) {
        return file(type, file).body(body);
    }

    private static ResponseEntity.BodyBuilder file(MediaType type, String name) {
        return ResponseEntity.ok()
                .contentType(type)
                .cacheControl(CacheControl.noStore())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(name).build().toString());
    }

    private static void write(OutputStream out, String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
