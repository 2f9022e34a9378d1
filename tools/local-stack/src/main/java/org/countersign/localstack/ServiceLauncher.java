package org.countersign.localstack;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Knows the command that starts the program of a service. */
public interface ServiceLauncher {

    /**
     * Returns the command. Its process, or the last of the processes that it starts, is the service.
     *
     * @param service the name of the service
     * @param environment the variables of the service, which the command's process has too
     */
    List<String> command(String service, Map<String, String> environment);

    /**
     * Returns a launcher of the services that were built in a directory.
     *
     * @param home the directory of a project, of this version or another one
     * @param options options for the services' Java virtual machines
     */
    static ServiceLauncher builtIn(Path home, List<String> options) {
        return new BuiltServices(InstalledJdk.newest(), options, home, false);
    }
}
