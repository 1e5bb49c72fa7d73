//! Care Act notices between hospital and council (FHIR DSTU2 XML messages).
