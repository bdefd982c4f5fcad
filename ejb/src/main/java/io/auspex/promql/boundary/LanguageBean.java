package io.auspex.promql.boundary;

import io.auspex.promql.FunctionPack;
import io.auspex.promql.Language;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** The one language of the node: the reference's with the functions of all capabilities. */
@ApplicationScoped
public class LanguageBean {
    @Inject
    @Any
    Instance<FunctionPack> packs;

    @Produces
    @Singleton
    Language language() {
        return Language.with(packs);
    }
}
