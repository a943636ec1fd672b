import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Judges documents by veraPDF: Pdfa FLAVOUR FILE... prints a line "FILE CLAUSE-TEST ..." for each, with the rules it breaks. */
public class Pdfa {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(arguments[0]);
        for (int i = 1; i < arguments.length; i++) {
            System.out.println(arguments[i] + broken(flavour, arguments[i]));
        }
    }

    private static String broken(PDFAFlavour flavour, String file) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(file), flavour);
             PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            StringBuilder rules = new StringBuilder();
            for (TestAssertion assertion : result.getTestAssertions()) {
                rules.append(' ').append(assertion.getRuleId().getClause());
                rules.append('-').append(assertion.getRuleId().getTestNumber());
            }
            if (result.isCompliant() != (rules.length() == 0)) rules.append(" undecided");
            return rules.toString();
        }
    }
}
