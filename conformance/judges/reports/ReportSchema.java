// EU DSS's copy of the schema of TS 119 102-2 against reports: ReportSchema FILE...
import eu.europa.esig.validationreport.ValidationReportUtils;

import java.io.File;
import java.util.List;
import javax.xml.transform.stream.StreamSource;

public class ReportSchema {
    public static void main(String[] files) throws Exception {
        boolean good = files.length > 0;
        for (String file : files) {
            List<String> errors = ValidationReportUtils.getInstance().validateAgainstXSD(new StreamSource(new File(file)));
            for (String error : errors) System.out.println(file + ": " + error);
            good &= errors.isEmpty();
        }
        System.exit(good ? 0 : 1);
    }
}
