package org.countersign.cli.petition;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.Map;
import org.countersign.localstack.client.UserException;

/** Arbitrary text as a petition file. */
class HostileFilesFuzzTest {

    @FuzzTest
    void a_file_is_parsed_or_refused_with_a_message(@NotNull String text) {
        try {
            Map<String, Object> petition = PetitionFile.read(text);
            assertThat(petition).containsKey("statement");
        } catch (UserException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
    }
}
