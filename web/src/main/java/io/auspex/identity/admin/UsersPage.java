package io.auspex.identity.admin;

import io.auspex.identity.boundary.Users;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.platform.admin.ListPage;
import io.auspex.platform.admin.Texts;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** The users of the caller's tenant; for platform administrators with a reason, those of any. */
@Named
@RequestScoped
public class UsersPage extends ListPage<UserRow> {
    @Inject
    Users users;

    @Inject
    TenantChoice choice;

    @Override
    protected Page<UserRow> read(PageRequest part) {
        return users.list(choice.explained(), part).map(UserRow::new);
    }

    /** Whose users these are. */
    public String getLead() {
        return choice.isForeign()
                ? Texts.text("users.foreignLead", String.valueOf(choice.getTenant()))
                : Texts.text("users.lead");
    }
}
