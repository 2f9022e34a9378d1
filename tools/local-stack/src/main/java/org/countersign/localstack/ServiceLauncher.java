package org.countersign.localstack;

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
}
