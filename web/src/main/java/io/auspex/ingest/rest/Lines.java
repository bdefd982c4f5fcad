package io.auspex.ingest.rest;

import io.auspex.ingest.Account;
import io.auspex.ingest.LineError;
import java.util.StringJoiner;

/** What senders of text are told about the lines that were refused. */
final class Lines {
    private Lines() {}

    static String partial(Account account) {
        StringJoiner text = new StringJoiner("; ", "partial write: ", "; dropped=" + account.rejected());
        for (LineError error : account.lines().first()) {
            text.add("line " + error.line() + ": " + error.message());
        }
        if (account.lines().count() > account.lines().first().size()) {
            text.add((account.lines().count() - account.lines().first().size()) + " more");
        }
        return text.add(account.message()).toString();
    }
}
