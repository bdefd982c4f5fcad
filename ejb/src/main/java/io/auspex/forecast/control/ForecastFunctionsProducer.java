package io.auspex.forecast.control;

import io.auspex.forecast.ForecastFunctions;
import io.auspex.promql.FunctionPack;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;

/** Brings this capability's functions into the query language. */
@Dependent
public class ForecastFunctionsProducer {
    @Produces
    @Dependent
    FunctionPack functions() {
        return new ForecastFunctions();
    }
}
