package org.countersign.signature.web.pagecache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletResponse;

class CachedPageTest {

    private static final byte[] FIRST = "the-token-of-the-first".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SECOND = "another's".getBytes(StandardCharsets.US_ASCII);

    private static byte[] text(int length, long seed) {
        Random random = new Random(seed);
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            // Something between what can be compressed well and what can't be.
            text[i] = (byte) (random.nextBoolean() ? 'a' : random.nextInt(256));
        }
        return text;
    }

    private static byte[] page(byte[] before, byte[] token, byte[] after) {
        byte[] page = new byte[before.length + token.length + after.length];
        System.arraycopy(before, 0, page, 0, before.length);
        System.arraycopy(token, 0, page, before.length, token.length);
        System.arraycopy(after, 0, page, before.length + token.length, after.length);
        return page;
    }

    private static byte[] written(CachedPage page, byte[] token, boolean compressed) throws IOException {
        MockHttpServletResponse response = new MockHttpServletResponse();
        page.write(List.of(token), compressed, response);
        assertThat(response.getContentLength()).isEqualTo(response.getContentAsByteArray().length);
        return compressed
                ? new GZIPInputStream(new ByteArrayInputStream(response.getContentAsByteArray())).readAllBytes()
                : response.getContentAsByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 8191, 8192, 20_000, 100_000})
    void each_reader_gets_the_page_with_their_own_text_in_its_place(int length) throws IOException {
        for (int other : new int[] {0, 1, 5000, 60_000}) {
            byte[] before = text(length, other);
            byte[] after = text(other, length);
            CachedPage prepared = CachedPage.ofOnceEach(page(before, FIRST, after), List.of(FIRST))
                    .orElseThrow();
            for (boolean compressed : new boolean[] {false, true}) {
                assertThat(written(prepared, FIRST, compressed)).isEqualTo(page(before, FIRST, after));
                assertThat(written(prepared, SECOND, compressed)).isEqualTo(page(before, SECOND, after));
            }
        }
    }

    @Test
    void a_page_without_exactly_one_place_for_the_text_is_not_cached() {
        byte[] text = text(1000, 1);
        assertThat(CachedPage.ofOnceEach(text, List.of(FIRST))).isEmpty();
        assertThat(CachedPage.ofOnceEach(page(page(text, FIRST, text), FIRST, text), List.of(FIRST)))
                .isEmpty();
        assertThat(CachedPage.ofOnceEach(page(text, FIRST, text), List.of(FIRST, SECOND)))
                .isEmpty();
    }

    @Test
    void a_page_may_be_the_same_for_all_readers() throws IOException {
        byte[] text = text(10_000, 2);
        assertThat(written(CachedPage.of(text), new byte[0], true)).isEqualTo(text);
        assertThat(written(CachedPage.of(text), new byte[0], false)).isEqualTo(text);
    }

    @Test
    void a_page_may_have_several_places_and_one_text_in_several() throws IOException {
        List<byte[]> placeholders = List.of("{name}".getBytes(), "{token}".getBytes());
        CachedPage page = CachedPage.of("{token}Dear {name}, your link is {token}".getBytes(), placeholders);
        List<byte[]> texts = List.of(text(70_000, 3), "abc".getBytes());
        for (boolean compressed : new boolean[] {false, true}) {
            MockHttpServletResponse response = new MockHttpServletResponse();
            page.write(texts, compressed, response);
            byte[] body = response.getContentAsByteArray();
            byte[] read = compressed ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes() : body;
            assertThat(read).isEqualTo(page("abcDear ".getBytes(), texts.get(0), ", your link is abc".getBytes()));
        }
    }
}
