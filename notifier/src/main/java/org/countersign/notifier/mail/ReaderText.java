package org.countersign.notifier.mail;

import java.util.UUID;
import java.util.function.Function;
import org.countersign.maildata.MailData;
import org.countersign.maildata.MailLinks;
import org.jspecify.annotations.Nullable;

/** The texts of a mail that belong to one reader. Each has a placeholder, which stands for it in a {@link MailForm}. */
enum ReaderText {
    NAME(MailData::name),
    PETITION(data -> data.links().petition()),
    CONFIRM(data -> data.links().confirm()),
    WITHDRAW(data -> data.links().withdraw()),
    UNSUBSCRIBE(data -> data.links().unsubscribe()),
    MY_DATA(data -> data.links().myData()),
    RECEIPT(data -> data.links().receipt()),
    NEVER_WRITE(data -> data.links().neverWrite());

    private final Function<MailData, @Nullable String> value;
    /** Random, so that no petition can contain it. No escaping changes it. */
    private final String placeholder = UUID.randomUUID().toString().replace("-", "");

    ReaderText(Function<MailData, @Nullable String> value) {
        this.value = value;
    }

    String placeholder() {
        return placeholder;
    }

    /** Returns the text of one reader. Empty if the reader has none. */
    String of(MailData data) {
        String text = value.apply(data);
        return text == null ? "" : text;
    }

    /**
     * Returns placeholders for all texts that a reader has. Address, language and recipient are left out. The
     * organisation stays, because its people get the same mail.
     */
    static MailData placeholders(MailData data) {
        return new MailData(
                data.name().isEmpty() ? "" : NAME.placeholder,
                "",
                null,
                new MailLinks(
                        PETITION.placeholder,
                        CONFIRM.ifPresent(data),
                        WITHDRAW.ifPresent(data),
                        UNSUBSCRIBE.ifPresent(data),
                        MY_DATA.ifPresent(data),
                        RECEIPT.ifPresent(data),
                        NEVER_WRITE.ifPresent(data)),
                null,
                null,
                data.organisation());
    }

    private @Nullable String ifPresent(MailData data) {
        return value.apply(data) == null ? null : placeholder;
    }
}
