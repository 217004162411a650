package dev.lightkeeper.architecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/** The classes of the controller: neither its tests nor the simulator that they use. */
final class ProductOnly implements ImportOption {
    private final ImportOption noTests = new ImportOption.DoNotIncludeTests();

    @Override
    public boolean includes(Location location) {
        return noTests.includes(location) && !location.contains("/dev/lightkeeper/simulators/");
    }
}
