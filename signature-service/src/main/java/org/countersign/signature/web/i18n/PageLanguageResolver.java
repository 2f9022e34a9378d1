package org.countersign.signature.web.i18n;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.countersign.support.language.SupportedLanguage;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.util.UriUtils;
import org.springframework.web.util.WebUtils;

/**
 * Resolves the language of a page: the reader's choice, or the first supported language of the browser, or English.
 *
 * <p>The pages for auditors and organisers are in English only, like the event log and the API.
 */
@Component(DispatcherServlet.LOCALE_RESOLVER_BEAN_NAME)
public class PageLanguageResolver implements LocaleResolver, HandlerInterceptor, WebMvcConfigurer {

    /** The query parameter that switches the language. */
    public static final String LANGUAGE_PARAMETER = "lang";

    /** The parameters of the front page. Others, such as utm_source, do not matter to it. */
    private static final List<String> FRONT_PAGE_PARAMETERS = List.of("q", "topic", "sort", "page");

    /** Longer ones are invalid. */
    private static final int MAX_PARAMETER_LENGTH = 400;

    private static final String COOKIE = "language";
    private static final Pattern ENGLISH_ONLY = Pattern.compile("/(audit|organise)(/.*)?");
    private static final Duration COOKIE_MAX_AGE = Duration.ofDays(365);

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).excludePathPatterns("/api/**", "/log/**");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        chosen(request)
                .ifPresent(language -> response.addHeader(
                        HttpHeaders.SET_COOKIE,
                        ResponseCookie.from(COOKIE, language.code())
                                .path("/")
                                .maxAge(COOKIE_MAX_AGE)
                                .httpOnly(true)
                                .sameSite("Lax")
                                .secure(request.isSecure())
                                .build()
                                .toString()));
        Locale locale = resolveLocale(request);
        request.setAttribute(
                PageReader.ATTRIBUTE,
                new PageReader(locale, isInEnglish(request) ? List.of() : choices(request, locale)));
        return true;
    }

    private static List<PageReader.LanguageChoice> choices(HttpServletRequest request, Locale now) {
        return Arrays.stream(SupportedLanguage.values())
                .map(language -> new PageReader.LanguageChoice(
                        language.code(),
                        language.nativeName(),
                        address(request, language),
                        language.code().equals(now.getLanguage())))
                .toList();
    }

    /** Returns the URL of the same page in another language. */
    private static String address(HttpServletRequest request, SupportedLanguage language) {
        if (request.getRequestURI().startsWith("/petitions/")) {
            // Drop other parameters, such as utm_source: the page does not need them.
            return request.getRequestURI() + "?" + LANGUAGE_PARAMETER + "=" + language.code();
        }
        if (request.getRequestURI().equals("/")) {
            Map<String, String> parameters = new LinkedHashMap<>();
            for (String name : FRONT_PAGE_PARAMETERS) {
                Optional.ofNullable(request.getParameter(name))
                        .filter(value -> !value.isEmpty() && value.length() <= MAX_PARAMETER_LENGTH)
                        .ifPresent(value -> parameters.put(name, value));
            }
            parameters.put(LANGUAGE_PARAMETER, language.code());
            return frontPage(parameters);
        }
        String page =
                request.getMethod().equals("GET") && !request.getRequestURI().equals("/error")
                        ? ServletUriComponentsBuilder.fromRequest(request)
                                .scheme(null)
                                .host(null)
                                .port(null)
                                .replaceQueryParam(LANGUAGE_PARAMETER)
                                .build()
                                .toUriString()
                        : "/";
        return page + (page.contains("?") ? "&" : "?") + LANGUAGE_PARAMETER + "=" + language.code();
    }

    /** Returns the address of the front page with these parameters. */
    public static String frontPage(Map<String, String> parameters) {
        StringJoiner query = new StringJoiner("&", "/?", "").setEmptyValue("/");
        parameters.forEach((name, value) -> query.add(name + "=" + UriUtils.encode(value, StandardCharsets.UTF_8)));
        return query.toString();
    }

    @Override
    public Locale resolveLocale(HttpServletRequest request) {
        if (isInEnglish(request)) {
            return Locale.ENGLISH;
        }
        return chosen(request).map(SupportedLanguage::locale).orElseGet(() -> ofHeaders(request));
    }

    /** Returns the locale without reading parameters, for which a request with a form would have to arrive in full. */
    public Locale ofHeaders(HttpServletRequest request) {
        return isInEnglish(request)
                ? Locale.ENGLISH
                : stored(request).map(SupportedLanguage::locale).orElseGet(() -> preferred(request));
    }

    private static boolean isInEnglish(HttpServletRequest request) {
        return ENGLISH_ONLY.matcher(request.getRequestURI()).matches();
    }

    private static Optional<SupportedLanguage> chosen(HttpServletRequest request) {
        return Optional.ofNullable(request.getParameter(LANGUAGE_PARAMETER)).flatMap(PageLanguageResolver::language);
    }

    private static Optional<SupportedLanguage> stored(HttpServletRequest request) {
        return Optional.ofNullable(WebUtils.getCookie(request, COOKIE))
                .map(Cookie::getValue)
                .flatMap(PageLanguageResolver::language);
    }

    private static Optional<SupportedLanguage> language(String code) {
        return SupportedLanguage.of(Locale.forLanguageTag(code));
    }

    /** Returns the preferred language of the browser with its region, which decides how numbers and times look. */
    private static Locale preferred(HttpServletRequest request) {
        // Without the header, the container returns the language of the machine.
        Stream<Locale> wanted = request.getHeader(HttpHeaders.ACCEPT_LANGUAGE) == null
                ? Stream.empty()
                : Collections.list(request.getLocales()).stream();
        return wanted.filter(locale -> SupportedLanguage.of(locale).isPresent())
                .findFirst()
                .map(locale -> new Locale.Builder()
                        .setLanguage(locale.getLanguage())
                        .setRegion(locale.getCountry())
                        .build())
                .orElse(Locale.ENGLISH);
    }

    @Override
    public void setLocale(HttpServletRequest request, @Nullable HttpServletResponse response, @Nullable Locale locale) {
        throw new UnsupportedOperationException("Readers set the language with the parameter " + LANGUAGE_PARAMETER);
    }
}
