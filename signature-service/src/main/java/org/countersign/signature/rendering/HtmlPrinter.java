package org.countersign.signature.rendering;

import com.openhtmltopdf.bidi.support.ICUBidiReorderer;
import com.openhtmltopdf.bidi.support.ICUBidiSplitter;
import com.openhtmltopdf.extend.FSSupplier;
import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.util.XRLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.logging.Level;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.jsoup.Jsoup;
import org.jsoup.helper.W3CDom;
import org.springframework.stereotype.Component;

/**
 * Renders HTML and CSS to PDF and images. It embeds the fonts {@code Text} and {@code Code}, which cover most
 * alphabets, and loads no resources.
 */
@Component
public class HtmlPrinter {

    private static final int PIXELS_PER_INCH = 96;

    static {
        // The library logs each step past the log of the service.
        XRLog.listRegisteredLoggers().forEach(logger -> XRLog.setLevel(logger, Level.WARNING));
    }

    /** Renders the pages as a PDF. */
    public byte[] pdf(String html) {
        PdfRendererBuilder pdf = new PdfRendererBuilder();
        pdf.withW3cDocument(new W3CDom().fromJsoup(Jsoup.parse(html)), "");
        // A statement may contain addresses. The service must not load them.
        pdf.useUriResolver((base, uri) -> null);
        pdf.useUnicodeBidiSplitter(new ICUBidiSplitter.ICUBidiSplitterFactory());
        pdf.useUnicodeBidiReorderer(new ICUBidiReorderer());
        pdf.useFont(font("DejaVuSans.ttf"), "Text", 400, FontStyle.NORMAL, true);
        pdf.useFont(font("DejaVuSans-Bold.ttf"), "Text", 700, FontStyle.NORMAL, true);
        pdf.useFont(font("DejaVuSans-Oblique.ttf"), "Text", 400, FontStyle.ITALIC, true);
        pdf.useFont(font("DejaVuSansMono.ttf"), "Code", 400, FontStyle.NORMAL, true);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        pdf.toStream(out);
        try {
            pdf.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Renders the first page as a PNG with one pixel for each CSS pixel. */
    public byte[] png(String html) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try (PDDocument document = Loader.loadPDF(pdf(html))) {
            ImageIO.write(new PDFRenderer(document).renderImageWithDPI(0, PIXELS_PER_INCH), "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return png.toByteArray();
    }

    private static FSSupplier<InputStream> font(String file) {
        return () -> HtmlPrinter.class.getResourceAsStream("/net/sf/jasperreports/fonts/dejavu/" + file);
    }
}
