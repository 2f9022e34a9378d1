package org.countersign.localstack;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.countersign.localstack.client.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be backed up or restored. RestoreDrillIT shows the rest. */
class StackBackupTest {

    @TempDir
    private Path data;

    @Test
    void a_directory_without_a_stack_has_nothing_to_back_up() {
        assertThatThrownBy(() -> new StackBackup(data).backUp(data.resolve("backup")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("contains no stack");
    }

    @Test
    void a_cluster_is_refused_with_a_way_out() throws Exception {
        Files.createDirectories(data.resolve(ClusterServers.POSTGRES_DIRECTORY));
        StackBackup backup = new StackBackup(data);
        assertThatThrownBy(() -> backup.backUp(data.resolve("backup")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is a cluster")
                .hasMessageContaining("pg_basebackup");
        assertThatThrownBy(() -> backup.restore(data.resolve("backup"), true))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is a cluster");
    }
}
