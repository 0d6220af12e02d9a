@echo off
rem Runs the arrow-npz command of an unpacked distribution with the Java of JAVA_HOME, or else of the PATH.
setlocal
set "jar=%~dp0..\lib\arrow-npz.jar"
if not exist "%jar%" (
    echo arrow-npz: "%jar%" is missing 1>&2
    exit /b 2
)
if defined JAVA_HOME (
    set "java=%JAVA_HOME%\bin\java.exe"
) else (
    set "java="
    for %%i in (java.exe) do set "java=%%~$PATH:i"
)
if not defined java (
    echo arrow-npz: needs Java 17 or newer: no java.exe on the PATH, and JAVA_HOME is not set 1>&2
    exit /b 2
)
if not exist "%java%" (
    echo arrow-npz: JAVA_HOME is "%JAVA_HOME%", but there is no bin\java.exe in it 1>&2
    exit /b 2
)
rem From Java 24 on, Unsafe has to be allowed; older ones do not know the flag. The file "release" tells the version.
set "major=0"
for %%i in ("%java%\..\..\release") do if exist "%%~fi" (
    for /f "usebackq tokens=2 delims==." %%v in (`findstr /b JAVA_VERSION= "%%~fi"`) do set "major=%%~v"
)
set "flags=-Xshare:auto"
set "major=%major:"=%"
if %major% GTR 0 if %major% LSS 17 (
    echo arrow-npz: needs Java 17 or newer, but "%java%" is Java %major% 1>&2
    exit /b 2
)
if %major% GEQ 24 set "flags=%flags% --sun-misc-unsafe-memory-access=allow"
"%java%" %flags% -jar "%jar%" %*
exit /b %ERRORLEVEL%
