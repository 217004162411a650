package dev.lightkeeper.simulators.kubernetes.schema;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import dev.cel.runtime.CelStandardFunctions.StandardFunction.Overload.Arithmetic;
import dev.cel.runtime.RuntimeHelpers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The CEL that rules are written in: the standard, cel-go's extensions, and what Kubernetes adds. */
final class CelLibrary {
    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .enableTimestampEpoch(true)
            .evaluateCanonicalTypesToNativeValues(true)
            .build();
    private static final List<KubernetesFunctions.Function> FUNCTIONS = KubernetesFunctions.all();

    static final CelRuntime RUNTIME = CelRuntimeFactory.standardCelRuntimeBuilder()
            .setOptions(OPTIONS)
            .setStandardEnvironmentEnabled(false)
            .setStandardFunctions(CelStandardFunctions.newBuilder()
                    .filterFunctions((function, overload) -> function != StandardFunction.EQUALS
                            && function != StandardFunction.NOT_EQUALS
                            && overload != Arithmetic.ADD_LIST)
                    .build())
            .addFunctionBindings(
                    CelFunctionBinding.from("equals", Object.class, Object.class, CelValues::areEqual),
                    CelFunctionBinding.from(
                            "not_equals", Object.class, Object.class, (a, b) -> !CelValues.areEqual(a, b)),
                    CelFunctionBinding.from("add_list", List.class, List.class, CelLibrary::addLists))
            .addFunctionBindings(FUNCTIONS.stream()
                    .map(KubernetesFunctions.Function::binding)
                    .toList())
            .addLibraries(
                    CelExtensions.strings(),
                    CelExtensions.sets(OPTIONS),
                    CelExtensions.lists(),
                    CelExtensions.optional(),
                    CelExtensions.comprehensions())
            .build();

    private CelLibrary() {}

    static CelCompilerBuilder compiler(CelTypeProvider types) {
        Map<String, List<CelOverloadDecl>> overloads = new LinkedHashMap<>();
        FUNCTIONS.forEach(function -> overloads
                .computeIfAbsent(function.name(), name -> new ArrayList<>())
                .add(function.declaration()));
        return CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .setTypeProvider(types)
                .addFunctionDeclarations(overloads.entrySet().stream()
                        .map(entry -> CelFunctionDecl.newFunctionDeclaration(entry.getKey(), entry.getValue()))
                        .toList())
                .addLibraries(
                        CelExtensions.strings(),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.lists(),
                        CelExtensions.optional(),
                        CelExtensions.comprehensions());
    }

    @SuppressWarnings("unchecked")
    private static List<Object> addLists(List<?> a, List<?> b) {
        return a instanceof CelValues.TypedList typed
                ? CelValues.sum(typed, b)
                : RuntimeHelpers.concat((List<Object>) a, (List<Object>) b);
    }
}
