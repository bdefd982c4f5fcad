package io.auspex.anomaly.control;

import io.auspex.anomaly.AnomalyFunctions;
import io.auspex.promql.FunctionPack;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;

/** Brings this capability's functions into the query language. */
@Dependent
public class AnomalyFunctionsProducer {
    @Produces
    @Dependent
    FunctionPack functions() {
        return new AnomalyFunctions();
    }
}
