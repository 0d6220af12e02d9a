package org.arrownpz.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameFixtureSyntaxTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "~~; 0; no tokens found",
                "~# nothing~; 9; no tokens found",
                "s(2,2)|; 7; no support for token the end",
                "abc; 0; no support for token 'abc'",
                "s(2,2)|i; 7; no support for token 'i'",
                "2; 0; no support for token '2'",
                "i(I,str); 8; missing required label: s",
                "s(2); 0; component s has an invalid number of arguments",
                "s(2,3,4); 0; component s has an invalid number of arguments",
                "s(2,2)|i(I); 7; component i has an invalid number of arguments: expected 0 or 2 but found 1",
                "s(2,2)|c(I,int,int); 7; component c has an invalid number of arguments",
                "s(2,2)|f(F,F); 7; component f has an invalid number of arguments",
                "x(2,2)|s(2,2); 0; invalid token: 'x'",
                "sv(2,2)|s(2,2); 0; invalid token: 'sv'",
                "s(-1,2); 2; no handling for '-'",
                "s([1],2); 2; no handling for '['",
                "s(1.0,2); 3; no handling for '.'",
                "s(2,2)|v(np.int8); 11; no handling for '.'",
                "s(int,2); 2; expected an integer",
                "s((1,2),2); 3; no handling for a number in a tuple",
                "s(2,2)|v(5); 9; no handling for a number",
                "s(2,2)|v(((int,),str)); 10; no handling for '('",
                "s(2,2)|v(int8x); 9; is no specifier; constructors: TB, F, Fg, I, Ig, IH",
                "s(2,2)|i(ISg,dts); 9; 'ISg' is no specifier",
                "s(2,2)+v(int); 6; joined by '|', not by '+'",
                "~ s(2,2)~; 0; unexpected indent",
                "s(007,2); 2; expected a decimal integer but found '007'",
                "s(0_4,2); 2; expected a decimal integer but found '0_4'",
                "s(1__0,2); 2; expected a decimal integer but found '1__0'",
                "s(1_,2); 2; expected a decimal integer",
                "s(0x10,2); 2; expected a decimal integer",
                "s(2,2; 5; expected ',' but found the end",
                "s(2 2); 4; expected ',' but found '2'",
                "s(,2); 2; no handling for ','",
                "s(2,2)); 6; expected '|' or the end but found ')'",
                "(s(2,2); 7; expected ')' but found the end",
                "(s(2,2)|v(int)); 7; expected ')' but found '|'",
                "s(2,2)?; 6; unexpected character '?'",
                "s(2,2)|f((F,F)); 9; no handling for a tuple"
            })
    void refusesWhatIsNoFixture(String text, int position, String problem) {
        FrameFixtureException.Syntax refusal =
                catchThrowableOfType(FrameFixtureException.Syntax.class, () -> FrameFixture.parse(text));
        assertThat(refusal).isNotNull().hasMessageContaining(problem);
        assertThat(refusal.position()).isEqualTo(position);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "s(2,0); 4; at least one column",
                "s(0,0); 4; at least one column",
                "s(199801,1); 2; expected at most 199800 rows but found 199801",
                "s(2,100001); 4; expected at most 100000 columns",
                "s(99999999999999999999999,2); 2; expected at most 199800 rows",
                "s(2,2)|v(); 7; v() names no dtype",
                "s(2,2)|v(()); 9; a tuple of no dtypes",
                "s(2,2)|v(I); 9; expected a dtype but found the constructor I",
                "s(2,2)|i(int,int); 9; expected a constructor but found the dtype int",
                "s(2,2)|i(IACF,int); 9; IACF makes no index",
                "s(2,2)|i(F,int); 9; F makes no index",
                "s(2,2)|f(I); 9; expected F or Fg",
                "s(2,2)|f(TB); 9; expected F or Fg",
                "s(2,2)|i(IH,tds); 12; a tuple of at least two dtypes",
                "s(2,2)|i(IH,(str,)); 12; a tuple of at least two dtypes",
                "s(2,2)|c((I,I),(int,str,float)); 15; expected as many dtypes as constructors",
                "s(2,2)|c((I,Ig),(int,str)); 9; all static or all grow-only",
                "s(2,2)|i((I,IH),(int,str)); 9; levels of a hierarchy are flat",
                "s(0,2)|i(IH,(int,str)); 9; a hierarchy needs labels",
                "s(3,2)|i(I,bool); 7; labels repeat",
                "s(3,2)|i(ID,dts); 7; labels repeat",
                "s(2000,2)|i(I,int8); 10; labels repeat",
                "s(100000,1)|i(I,object); 12; labels repeat",
                "s(4,2)|i(I,(bool,bool)); 7; labels repeat",
                "s(3,2)|i(IH,(int,bool)); 7; labels repeat",
                "s(2,2)|i(I,dtD); 7; a plain Index holds no datetime64",
                "s(2,2)|i(ID,str); 7; IndexDate holds datetime64 or integers",
                "s(2,2)|i(Ins,dtY); 7; beyond the range of its unit",
                "s(2,2)|i(Ig,int); 7; not grow-only",
                "s(2,2)|f(Fg)|c(I,int); 13; f(Fg) needs grow-only columns",
                "s(2,2)|f(F)|c(Ig,int); 12; grow-only columns need f(Fg)",
                "s(2,2)|c(I,object); 7; cannot be stored"
            })
    void refusesFixturesWithoutAFrame(String text, int position, String problem) {
        FrameFixtureException.Content refusal =
                catchThrowableOfType(FrameFixtureException.Content.class, () -> FrameFixture.parse(text));
        assertThat(refusal).isNotNull().hasMessageContaining(problem);
        assertThat(refusal.position()).isEqualTo(position);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s(4,2)",
                "s( 4 , 2 )",
                "s(4,2)|f()|i()|c()",
                "s(4,2,)|v((int),)",
                "(s(4,2))|((v(bytes)))",
                "s(4,2) # four by two",
                "s(4,\n  2)\n",
                "i()|s(4,2)|s(7,7)"
            })
    void acceptsWhatPythonAccepts(String text) {
        FrameFixture fixture = FrameFixture.parse(text);
        assertThat(fixture.rows()).isEqualTo(4);
        assertThat(fixture.columns()).isEqualTo(2);
        assertThat(fixture.dsl()).isEqualTo(text);
    }

    @Test
    void theLeftmostOfTwoComponentsWins() {
        FrameFixture fixture = FrameFixture.parse("s(2,3)|v(int)|s(4,5)|v(bool)");
        assertThat(fixture.rows()).isEqualTo(2);
        assertThat(fixture.type(0)).isEqualTo(Specifiers.dtype(new DslComponent.Name("int", 0)));
    }

    @Test
    void readsUnderscoresInNumbers() {
        assertThat(FrameFixture.parse("s(100_000,1_000)").rows()).isEqualTo(100_000);
    }

    @Test
    void takesTheLargestShapes() {
        assertThat(FrameFixture.parse("s(199_800,100_000)|i(I,str)|c(I,str)").columns())
                .isEqualTo(100_000);
    }

    @Test
    void longTextsEndInAnError() {
        for (String text :
                new String[] {"(".repeat(70_000), "(".repeat(60_000), "s(" + "1_".repeat(30_000), "|".repeat(9)}) {
            assertThat(catchThrowableOfType(FrameFixtureException.Syntax.class, () -> FrameFixture.parse(text)))
                    .isNotNull();
        }
    }
}
