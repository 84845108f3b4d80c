"""The template workbook of a union, generated from the contract, the code lists and the rules. Begin with ``template_workbook``."""
