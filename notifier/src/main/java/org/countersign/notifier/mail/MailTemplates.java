package org.countersign.notifier.mail;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;

/** The location of the mail templates. */
@Configuration(proxyBeanMethods = false)
class MailTemplates {

    @Bean
    ClassLoaderTemplateResolver textTemplates() {
        return resolver("*.txt", TemplateMode.TEXT, 1);
    }

    @Bean
    ClassLoaderTemplateResolver htmlTemplates() {
        return resolver("*.html", TemplateMode.HTML, 2);
    }

    private static ClassLoaderTemplateResolver resolver(String names, TemplateMode mode, int order) {
        ClassLoaderTemplateResolver resolver = new ClassLoaderTemplateResolver();
        resolver.setPrefix("mail/");
        resolver.setResolvablePatterns(java.util.Set.of(names));
        resolver.setTemplateMode(mode);
        resolver.setCharacterEncoding("UTF-8");
        resolver.setOrder(order);
        return resolver;
    }
}
