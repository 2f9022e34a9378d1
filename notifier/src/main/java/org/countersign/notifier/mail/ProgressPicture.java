package org.countersign.notifier.mail;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.imageio.ImageIO;

/**
 * Draws the progress bar as a PNG. Many mail programs show no styled elements and load no remote images. The picture is
 * therefore attached, and cached because a mailing uses it up to a million times.
 */
class ProgressPicture {

    private static final int WIDTH = 1000;
    private static final int HEIGHT = 40;
    private static final Color WHOLE = new Color(0xe0dbd0);
    private static final Color REACHED = new Color(0x1f5c4d);

    private final Map<Bar, byte[]> drawn = new ConcurrentHashMap<>();

    private record Bar(int perMille, boolean rightToLeft) {}

    /** Returns the bar for a count and a goal of at least 1. It is full from the goal on. */
    byte[] of(long signatures, long goal, boolean rightToLeft) {
        int perMille = (int) (Math.min(signatures, goal) * 1000 / goal);
        return drawn.computeIfAbsent(new Bar(perMille, rightToLeft), ProgressPicture::draw);
    }

    private static byte[] draw(Bar bar) {
        BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_ARGB);
        Graphics2D pen = picture.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        Shape whole = new RoundRectangle2D.Double(0, 0, WIDTH, HEIGHT, HEIGHT, HEIGHT);
        pen.setColor(WHOLE);
        pen.fill(whole);
        pen.setColor(REACHED);
        // At least as wide as the round ends. The first signature must be visible.
        double width = Math.max(HEIGHT, WIDTH * bar.perMille() / 1000.0);
        pen.fill(new RoundRectangle2D.Double(bar.rightToLeft() ? WIDTH - width : 0, 0, width, HEIGHT, HEIGHT, HEIGHT));
        pen.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot encode a picture", e);
        }
        return png.toByteArray();
    }
}
