package org.countersign.signature.web.i18n;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.countersign.support.language.SupportedLanguage;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.util.WebUtils;

/**
 * The language of a page: what the switch on it was last set to, else the first of those the browser asks for that
 * there is, else English. What auditors and organisers read is in English alone, like the event log and the API.
 */
@Component(DispatcherServlet.LOCALE_RESOLVER_BEAN_NAME)
public class PageLanguageResolver implements LocaleResolver, HandlerInterceptor, WebMvcConfigurer {

    /** The parameter that switches the language. */
    public static final String SWITCH = "lang";

    private static final String COOKIE = "language";
    private static final Pattern ENGLISH_ONLY = Pattern.compile("/(audit|organise)(/.*)?");
    private static final Duration REMEMBERED = Duration.ofDays(365);

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).excludePathPatterns("/api/**", "/internal/**", "/log/**", "/actuator/**");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        switchedTo(request)
                .ifPresent(language -> response.addHeader(
                        HttpHeaders.SET_COOKIE,
                        ResponseCookie.from(COOKIE, language.code())
                                .path("/")
                                .maxAge(REMEMBERED)
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

    private static List<PageReader.Choice> choices(HttpServletRequest request, Locale now) {
        return Arrays.stream(SupportedLanguage.values())
                .map(language -> new PageReader.Choice(
                        language.code(),
                        language.nativeName(),
                        address(request, language),
                        language.code().equals(now.getLanguage())))
                .toList();
    }

    /** The same page in the other language. */
    private static String address(HttpServletRequest request, SupportedLanguage language) {
        if (request.getRequestURI().startsWith("/petitions/")) {
            // What brought the reader here (utm_source=…) is of no use there.
            return request.getRequestURI() + "?" + SWITCH + "=" + language.code();
        }
        String page =
                request.getMethod().equals("GET") && !request.getRequestURI().equals("/error")
                        ? ServletUriComponentsBuilder.fromRequest(request)
                                .scheme(null)
                                .host(null)
                                .port(null)
                                .replaceQueryParam(SWITCH)
                                .build()
                                .toUriString()
                        : "/";
        return page + (page.contains("?") ? "&" : "?") + SWITCH + "=" + language.code();
    }

    @Override
    public Locale resolveLocale(HttpServletRequest request) {
        if (isInEnglish(request)) {
            return Locale.ENGLISH;
        }
        return switchedTo(request)
                .or(() -> remembered(request))
                .map(SupportedLanguage::locale)
                .orElseGet(() -> askedFor(request));
    }

    private static boolean isInEnglish(HttpServletRequest request) {
        return ENGLISH_ONLY.matcher(request.getRequestURI()).matches();
    }

    private static Optional<SupportedLanguage> switchedTo(HttpServletRequest request) {
        return Optional.ofNullable(request.getParameter(SWITCH)).flatMap(PageLanguageResolver::language);
    }

    private static Optional<SupportedLanguage> remembered(HttpServletRequest request) {
        return Optional.ofNullable(WebUtils.getCookie(request, COOKIE))
                .map(Cookie::getValue)
                .flatMap(PageLanguageResolver::language);
    }

    private static Optional<SupportedLanguage> language(String code) {
        return SupportedLanguage.of(Locale.forLanguageTag(code));
    }

    /** With its region, by which numbers and times are written. */
    private static Locale askedFor(HttpServletRequest request) {
        // Without the header the container would say the language of the machine.
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
    public void setLocale(HttpServletRequest request, HttpServletResponse response, Locale locale) {
        throw new UnsupportedOperationException("the switch on the page sets the language");
    }
}
