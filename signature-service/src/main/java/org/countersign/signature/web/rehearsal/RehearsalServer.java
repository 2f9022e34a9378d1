package org.countersign.signature.web.rehearsal;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * A second web server on loopback, with filters of the warm-up in front of the controllers of the service. Only the
 * warm-up knows its port, and it records nothing.
 */
final class RehearsalServer implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "warm-up-request");
        // Otherwise Tomcat warns of a leak when it stops.
        thread.setContextClassLoader(RehearsalServer.class.getClassLoader());
        return thread;
    });
    private final WebServer server;

    /**
     * Starts the server on a free port.
     *
     * @param calls the only calls that it serves: method, space and path
     * @param filters the filters in their order
     * @param controllers the context of the service
     */
    RehearsalServer(Set<String> calls, List<Filter> filters, WebApplicationContext controllers) {
        TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
        factory.setAddress(InetAddress.getLoopbackAddress());
        factory.setRegisterDefaultServlet(false);
        factory.addProtocolHandlerCustomizers(protocol -> {
            protocol.setExecutor(threads);
            ((AbstractHttp11Protocol<?>) protocol).setMaxKeepAliveRequests(-1);
        });
        server = factory.getWebServer(context -> {
            register(context, "calls", only(calls));
            for (int i = 0; i < filters.size(); i++) {
                register(context, "rehearsal-" + i, filters.get(i));
            }
            context.addServlet("rehearsal", dispatcher(controllers)).addMapping("/");
        });
        server.start();
    }

    private static void register(ServletContext context, String name, Filter filter) {
        context.addFilter(name, filter).addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
    }

    /** A servlet that was given its context in the constructor would close the service when it ends. */
    private static DispatcherServlet dispatcher(WebApplicationContext controllers) {
        DispatcherServlet dispatcher = new DispatcherServlet();
        dispatcher.setApplicationContext(controllers);
        return dispatcher;
    }

    /** Nobody may reach another call of the service past its limits. */
    private static Filter only(Set<String> calls) {
        return (request, response, chain) -> {
            HttpServletRequest call = (HttpServletRequest) request;
            if (calls.contains(call.getMethod() + " " + call.getRequestURI())) {
                chain.doFilter(request, response);
            } else {
                ((HttpServletResponse) response).setStatus(HttpServletResponse.SC_NOT_FOUND);
            }
        };
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop();
        server.destroy();
    }
}
