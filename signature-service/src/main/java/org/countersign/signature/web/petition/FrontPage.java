package org.countersign.signature.web.petition;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.countersign.signature.domain.InvalidFieldsException;
import org.countersign.signature.domain.petition.PetitionTopic;
import org.countersign.signature.search.ListOrder;
import org.countersign.signature.search.ListQuery;
import org.countersign.signature.search.PetitionListing;
import org.countersign.signature.search.PetitionListing.ListPage;
import org.countersign.signature.search.SearchWords;
import org.countersign.signature.web.i18n.PageLanguageResolver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The front page: all petitions page by page, with search, topics and orders. */
@Controller
public class FrontPage {

    private static final Logger LOG = LoggerFactory.getLogger(FrontPage.class);
    private static final String BEST_MATCH = "best";

    private final PetitionListing listing;

    FrontPage(PetitionListing listing) {
        this.listing = listing;
    }

    /** What the form shows. */
    record AskedFor(
            @Nullable String words,
            @Nullable String topic,
            @Nullable String order) {}

    /** A link to the same petitions in another order. */
    record OrderLink(String name, String address, boolean chosen) {}

    /**
     * Returns the list that a request asks for.
     *
     * @throws InvalidFieldsException if a parameter is invalid
     */
    public static ListQuery query(HttpServletRequest request) {
        return ListQuery.parse(
                request.getParameter(ListQuery.WORDS),
                request.getParameter(ListQuery.TOPIC),
                request.getParameter(ListQuery.ORDER),
                request.getParameter(ListQuery.PAGE));
    }

    /** Slow path of {@code FrontPageCache}, which answers most requests. */
    @GetMapping("/")
    String list(HttpServletRequest request, HttpServletResponse response, Model model, Locale locale) {
        model.addAttribute("topics", PetitionTopic.keys());
        ListQuery query;
        try {
            query = query(request);
        } catch (InvalidFieldsException e) {
            boolean words = e.errors().stream().anyMatch(error -> error.field().equals(ListQuery.WORDS));
            model.addAttribute("asked", new AskedFor(typed(request), null, null));
            return problem(HttpStatus.UNPROCESSABLE_CONTENT, words ? "search.wrong" : "wrong", model, response);
        }
        Map<String, String> parameters = query.parameters();
        model.addAttribute(
                "asked",
                new AskedFor(
                        parameters.get(ListQuery.WORDS),
                        parameters.get(ListQuery.TOPIC),
                        parameters.get(ListQuery.ORDER)));
        try {
            return show(query, listing.page(query, locale), model, response);
        } catch (DataAccessException e) {
            LOG.debug("A search failed: {}", e.getMessage());
            response.setHeader(HttpHeaders.RETRY_AFTER, "5");
            return problem(HttpStatus.SERVICE_UNAVAILABLE, "search.unavailable", model, response);
        }
    }

    /** Returns what the reader typed, so that it can be shortened, unless it is too long for a form. */
    private static @Nullable String typed(HttpServletRequest request) {
        String words = request.getParameter(ListQuery.WORDS);
        return words == null || words.length() > 2 * SearchWords.MAX_LENGTH ? null : words;
    }

    private static String problem(HttpStatus status, String problem, Model model, HttpServletResponse response) {
        response.setStatus(status.value());
        model.addAttribute("problem", problem);
        return "petitions";
    }

    private static String show(ListQuery query, ListPage list, Model model, HttpServletResponse response) {
        if (query.page() > list.pages()) {
            return problem(HttpStatus.NOT_FOUND, "page.none", model, response);
        }
        model.addAttribute("list", list);
        model.addAttribute(
                "filtered",
                query.words().isPresent()
                        || query.topic().isPresent()
                        || query.order().equals(Optional.of(ListOrder.CLOSING)));
        model.addAttribute("orders", orders(query));
        model.addAttribute("page", query.page());
        model.addAttribute("previous", query.page() > 1 ? address(query.withPage(query.page() - 1)) : null);
        model.addAttribute("next", query.page() < list.pages() ? address(query.withPage(query.page() + 1)) : null);
        return "petitions";
    }

    private static List<OrderLink> orders(ListQuery query) {
        boolean searched = query.words().isPresent();
        List<OrderLink> links = new ArrayList<>();
        if (searched) {
            links.add(new OrderLink(
                    BEST_MATCH,
                    address(query.withOrder(Optional.empty())),
                    query.order().isEmpty()));
        }
        Optional<ListOrder> chosen = searched ? query.order() : query.order().or(() -> Optional.of(ListOrder.NEWEST));
        for (ListOrder order : ListOrder.values()) {
            // Without words, the newest come first anyway.
            Optional<ListOrder> given =
                    searched || order != ListOrder.NEWEST ? Optional.of(order) : Optional.<ListOrder>empty();
            links.add(new OrderLink(order.key(), address(query.withOrder(given)), chosen.equals(Optional.of(order))));
        }
        return links;
    }

    private static String address(ListQuery query) {
        return PageLanguageResolver.frontPage(query.parameters());
    }
}
