package org.countersign.cli.petition;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.Map;
import org.countersign.localstack.client.UserException;

/** Files that are to be published. */
class HostileFilesFuzzTest {

    @FuzzTest
    void a_file_is_a_petition_or_is_said_to_be_none(@NotNull String text) {
        try {
            Map<String, Object> petition = PetitionFile.read(text);
            assertThat(petition).containsKey("statement");
        } catch (UserException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
    }
}
