package dev.lightkeeper.api.v1alpha1;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The CRDs as the records say, with what the generator leaves out: list types, formats, descriptions and column order. */
final class GeneratedCrds {
    private GeneratedCrds() {}

    static CustomResourceDefinition serviceDeployment() {
        return generate(
                ServiceDeployment.class,
                ServiceDeploymentSpec.class,
                ServiceDeploymentStatus.class,
                "A service on AWS Lightsail or EC2 that is kept as declared here, and proven to work.",
                "What is wanted.",
                "What is there, written by the operator.");
    }

    static CustomResourceDefinition awsAccount() {
        return generate(
                AwsAccount.class,
                AwsAccountSpec.class,
                AwsAccountStatus.class,
                "An AWS account, the credentials for it, and who may use it for what. Written by the platform's administrator.",
                "Which account, which credentials, which rights.",
                "What is known of the account, written by the operator.");
    }

    private static CustomResourceDefinition generate(
            Class<? extends CustomResource<?, ?>> kind,
            Class<? extends Record> spec,
            Class<? extends Record> status,
            String kindDescription,
            String specDescription,
            String statusDescription) {
        List<CustomResourceDefinition> generated = new ArrayList<>();
        new CRDGenerator()
                .customResourceClasses(List.<Class<? extends HasMetadata>>of(kind))
                .forCRDVersions("v1")
                .withPostProcessor(new CRDPostProcessor() {
                    @Override
                    public HasMetadata process(HasMetadata crd, String crdSpecVersion) {
                        generated.add((CustomResourceDefinition) crd);
                        return crd;
                    }
                })
                .withOutput(new DiscardedOutput())
                .generate();
        CustomResourceDefinition crd = generated.getFirst();
        CustomResourceDefinitionVersion version = crd.getSpec().getVersions().getFirst();
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        root.setDescription(kindDescription);
        JSONSchemaProps specSchema = RecordSchema.property(root, "spec");
        JSONSchemaProps statusSchema = RecordSchema.property(root, "status");
        specSchema.setDescription(specDescription);
        statusSchema.setDescription(statusDescription);
        // kstatus and `kubectl wait` would otherwise take an object that nobody has seen yet for settled.
        statusSchema.setDefault(JsonNodeFactory.instance.objectNode().put("observedGeneration", -1));
        // Without a spec there is nothing to validate: every rule would be skipped.
        root.setRequired(List.of("spec"));
        RecordSchema.refine(spec, specSchema);
        RecordSchema.refine(status, statusSchema);
        version.setAdditionalPrinterColumns(inDeclaredOrder(kind, version.getAdditionalPrinterColumns()));
        return crd;
    }

    /** The generator sorts columns by path; people read them from left to right. */
    private static List<CustomResourceColumnDefinition> inDeclaredOrder(
            Class<?> kind, List<CustomResourceColumnDefinition> columns) {
        List<String> names = Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        return columns.stream()
                .sorted(Comparator.comparingInt(column -> names.indexOf(column.getName())))
                .toList();
    }

    /** The generator insists on writing; the definition itself is taken from the post-processor. */
    private static final class DiscardedOutput implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
        @Override
        public ByteArrayOutputStream outputFor(String crdName) {
            return new ByteArrayOutputStream();
        }

        @Override
        public void close() throws IOException {}
    }
}
