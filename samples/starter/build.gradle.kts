plugins { application }

repositories { mavenCentral() }

dependencies {
    implementation(platform("org.arrownpz:arrow-npz-bom:0.9.0-SNAPSHOT"))
    implementation("org.arrownpz:arrow-npz-ipc")
    runtimeOnly("org.slf4j:slf4j-nop:2.0.17")
}

java { toolchain { languageVersion = JavaLanguageVersion.of(17) } }

application {
    mainClass = "starter.Starter"
    applicationDefaultJvmArgs = listOf("--add-opens=java.base/java.nio=ALL-UNNAMED")
}
