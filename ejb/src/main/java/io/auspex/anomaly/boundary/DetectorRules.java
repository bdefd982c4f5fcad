package io.auspex.anomaly.boundary;

import io.auspex.anomaly.DetectorRule;
import io.auspex.anomaly.Score;
import io.auspex.anomaly.control.DetectorStore;
import io.auspex.platform.AuspexException;
import io.auspex.platform.Code;
import io.auspex.platform.Page;
import io.auspex.platform.PageRequest;
import io.auspex.promql.ParseException;
import io.auspex.promql.Parser;
import io.auspex.tenancy.Role;
import io.auspex.tenancy.Scope;
import io.auspex.tenancy.boundary.CurrentTenant;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.List;

/**
 * Which series of the caller's tenant are judged as their samples arrive.
 *
 * <p>A tenant without rules of its own has {@link DetectorRule#DEFAULTS}; its first own rule replaces them.
 */
@Stateless
@RolesAllowed({Role.OPERATOR_NAME, Scope.ADMIN_NAME})
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class DetectorRules {
    private static final int MAX_NAME = 200;
    private static final int MAX_SELECTOR = 2_000;

    @Inject
    DetectorStore store;

    @Inject
    CurrentTenant current;

    @RolesAllowed({Role.VIEWER_NAME, Scope.QUERY_NAME})
    public Page<DetectorRule> list(PageRequest page) {
        return Page.of(store.list(current.id(), page), page.limit(), rule -> Long.toString(rule.id()));
    }

    /** The rules that apply: the tenant's own, or the defaults. */
    @RolesAllowed({Role.VIEWER_NAME, Scope.QUERY_NAME})
    public List<DetectorRule> effective() {
        return store.effective(current.id());
    }

    /** @throws AuspexException NOT_FOUND when the tenant has no such rule */
    @RolesAllowed({Role.VIEWER_NAME, Scope.QUERY_NAME})
    public DetectorRule get(long id) {
        return store.find(current.id(), id).orElseThrow(DetectorRules::missing);
    }

    /** @throws AuspexException BAD_REQUEST for a rule that cannot be, CONFLICT for a name that is taken */
    public DetectorRule create(DetectorRule rule) {
        check(rule);
        return store.create(current.id(), rule);
    }

    /** @throws AuspexException NOT_FOUND, or PRECONDITION_FAILED when it was changed since the given version */
    public DetectorRule update(DetectorRule rule) {
        check(rule);
        get(rule.id());
        return store.update(current.id(), rule)
                .orElseThrow(() ->
                        new AuspexException(Code.PRECONDITION_FAILED, "it was changed by somebody else meanwhile"));
    }

    /** @throws AuspexException NOT_FOUND when the tenant has no such rule */
    public void delete(long id) {
        if (!store.delete(current.id(), id)) {
            throw missing();
        }
    }

    private static void check(DetectorRule rule) {
        if (rule.name().isBlank() || rule.name().length() > MAX_NAME) {
            throw new AuspexException(Code.BAD_REQUEST, "a name has 1 to " + MAX_NAME + " characters");
        }
        if (rule.selector().length() > MAX_SELECTOR) {
            throw new AuspexException(Code.BAD_REQUEST, "a selector has at most " + MAX_SELECTOR + " characters");
        }
        if (!(rule.threshold() >= 1 && rule.threshold() <= Score.MAX)) {
            throw new AuspexException(
                    Code.BAD_REQUEST, "threshold must be between 1 and " + Score.MAX + ", got " + rule.threshold());
        }
        try {
            Parser.parseSelector(rule.selector());
        } catch (ParseException e) {
            throw new AuspexException(Code.BAD_REQUEST, "selector: " + e.detail(), e);
        }
    }

    private static AuspexException missing() {
        return new AuspexException(Code.NOT_FOUND, "there is nothing here for you");
    }
}
